import type { Retention } from '@skep/protocol';
import type { Settings } from './settings.js';

/** What a queen is to keep, of its settings. */
export function retentionOf(settings: Settings): Retention {
  const keep = (kind: 'passed' | 'failed') => {
    const bounds = { days: settings[`keep.${kind}.days`], jobs: settings[`keep.${kind}.jobs`], bytes: settings[`keep.${kind}.bytes`] };
    return Object.values(bounds).some((bound) => bound !== undefined) ? bounds : undefined;
  };
  return {
    passed: keep('passed'),
    failed: keep('failed'),
    projects: settings['keep.projects'],
    caches: { days: settings['keep.caches.days'], bytes: settings['keep.caches.bytes'] },
  };
}

import type { ComponentType } from 'react';
import { Link } from 'wouter';
import { Browser } from '../parts/Browser.js';
import { useTitle } from '../parts/useTitle.js';
import { Retained } from '../settings/Retained.js';
import { System } from '../settings/System.js';
import { Tokens } from '../settings/Tokens.js';

const parts: Record<string, { title: string; Part: ComponentType }> = {
  tokens: { title: 'Tokens', Part: Tokens },
  retention: { title: 'Retention', Part: Retained },
  system: { title: 'System', Part: System },
  browser: { title: 'This browser', Part: Browser },
};

/** What can be set, and how the queen is. */
export function SettingsPage({ part, hasToken, onLeave }: { part: string; hasToken: boolean; onLeave: () => void }) {
  useTitle('Settings');
  const { Part } = parts[part] ?? { Part: Tokens };
  return (
    <>
      <div className="page-head">
        <h1>Settings</h1>
        <nav aria-label="Settings" className="tabs">
          {Object.entries(parts).map(([name, { title }]) => (
            <Link key={name} href={`/settings/${name}`} aria-current={part === name ? 'page' : undefined}>
              {title}
            </Link>
          ))}
        </nav>
        {hasToken && (
          <button type="button" className="button" onClick={onLeave}>
            Log out
          </button>
        )}
      </div>
      <Part />
    </>
  );
}

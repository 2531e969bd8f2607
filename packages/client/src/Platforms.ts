import { Platform, PlatformsAnswer, parseAs } from '@skep/protocol';
import type { Http } from './Http.js';

/** The platforms of a queen's drones. Errors are SkepErrors. */
export class Platforms {
  constructor(private readonly http: Http) {}

  /** All that drones name or that are dropped, by name. */
  async list(): Promise<Platform[]> {
    return parseAs(PlatformsAnswer, await this.http.json('GET', '/api/platforms'), 'The list of platforms').platforms;
  }

  /** Gives its drones no jobs until it is restored; what runs goes on. */
  async drop(name: string, reason?: string): Promise<Platform> {
    const body = reason === undefined ? {} : { reason };
    return parseAs(Platform, await this.http.json('POST', `${pathOf(name)}/drop`, { body, repeatable: true }), 'The platform');
  }

  /** Lets its drones have jobs again. */
  async restore(name: string): Promise<Platform> {
    return parseAs(Platform, await this.http.json('POST', `${pathOf(name)}/restore`, { body: {}, repeatable: true }), 'The platform');
  }
}

const pathOf = (name: string): string => `/api/platforms/${encodeURIComponent(name)}`;

import type { Readable } from 'node:stream';

/** A part of a content, in bytes from 0, both ends included. */
export interface ContentRange {
  first: number;
  last: number;
}

/** An artifact whose content is in the store, as it is told to others. */
export interface GivenArtifact {
  job: string;
  project: string | null;
  attempt: number;
  path: string;
  /** In bytes. */
  size: number;
  /** Permissions, such as 0o644. */
  mode: number;
  mediaType: string;
  sha256: string;
}

/** An artifact that is noted to be given on. */
export interface Giving {
  /** The artifact is known by now: it may be given. */
  begin(): void;
  /** It did not become known: it must not be. */
  drop(): Promise<void>;
}

/** Who is told of what went wrong and is tried again. */
export type StoreLog = Record<'info' | 'warn', (details: object, message: string) => void>;

/**
 * Where contents rest, each under its SHA-256 in small hexadecimal digits, and nothing else of them: no name that
 * anybody gave becomes a name there. Errors are SkepErrors: STORE_FULL where there is no room, ARTIFACT_LOST for a content that
 * is not there, ARTIFACT_STORE_UNREACHABLE where it does not answer, ARTIFACT_STORE_FAILED for all else.
 */
export interface ContentStore {
  /**
   * To be called once, before all else: finds out whether contents can be kept there, and takes it for an owner. Contents to
   * which their owner does not refer are removed, so there must be no other.
   * @param owner names the queen whose store it is, for good
   * @throws INVALID_CONFIG if it is another's; what is wrong with it otherwise
   */
  open(owner: string): Promise<void>;
  /**
   * Takes the file over, whose content is known to have this digest: durable, and whole or not at all, when it is
   * resolved. The file is gone then, moved or removed. A content that is there already stays as it is.
   */
  take(sha256: string, file: string): Promise<void>;
  /** Whether a content is there, of just this size. */
  has(sha256: string, size: number): Promise<boolean>;
  /** A content from its first byte, or a part of it; read only as fast as it is taken; to be destroyed where it is not read. @throws ARTIFACT_LOST before the first byte */
  read(sha256: string, range?: ContentRange): Promise<Readable>;
  /**
   * An address from which whoever has it reads the content for the next minutes, without asking the queen; undefined where
   * there is no such thing.
   */
  addressOf?(sha256: string, headers: { type: string; disposition: string }): Promise<string | undefined>;
  /** Removes a content; nothing happens where there is none. */
  remove(sha256: string): Promise<void>;
  /** Every content that is there. */
  list(): AsyncIterable<string>;
  /**
   * Where artifacts are given on to somebody: notes, durably, that this one is to be. It is given once it has begun and as soon
   * as can be, through restarts, at least once.
   */
  give?(artifact: GivenArtifact): Promise<Giving>;
  /** Tries again what could not be done when it was asked for; to be called now and then. */
  settle?(): Promise<void>;
  /** Ends connections. */
  close(): Promise<void>;
}

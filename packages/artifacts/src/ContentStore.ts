/** A part of a content, in bytes from 0, both ends included. */
export interface ContentRange {
  first: number;
  last: number;
}

/**
 * Where contents rest, each under its SHA-256 in small hexadecimal digits, and nothing else of them: no name that
 * anybody gave ever reaches it. Errors are SkepErrors: STORE_FULL where there is no room, ARTIFACT_LOST for a content that
 * is not there, ARTIFACT_STORE_FAILED for all else.
 */
export interface ContentStore {
  /**
   * Takes the file over, whose content is known to have this digest: durable, and whole or not at all, when it is
   * resolved. The file is gone then, moved or removed. A content that is there already stays as it is.
   */
  take(sha256: string, file: string): Promise<void>;
  /** Whether a content is there, of just this size. */
  has(sha256: string, size: number): Promise<boolean>;
  /** A content from its first byte, or a part of it; read only as fast as it is taken. @throws ARTIFACT_LOST before the first byte */
  read(sha256: string, range?: ContentRange): Promise<AsyncIterable<Uint8Array>>;
  /**
   * An address from which whoever has it reads the content for the next minutes, without asking the queen; undefined where
   * there is no such thing.
   */
  addressOf?(sha256: string, headers: { type: string; disposition: string }): Promise<string>;
  /** Removes a content; nothing happens where there is none. */
  remove(sha256: string): Promise<void>;
  /** Every content that is there. */
  list(): AsyncIterable<string>;
  /** Tries again what could not be done when it was asked for; to be called now and then. */
  settle?(): Promise<void>;
  /** Ends connections. */
  close(): Promise<void>;
}

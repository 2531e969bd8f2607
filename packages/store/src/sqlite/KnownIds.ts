/** How many ids one layer takes. */
const LAYER_IDS = 2 ** 19;
/** Bits of a layer for each of its ids: one in 1,700 that are not there looks as if it were. */
const BITS = 16;
/** Bits that are set for an id. */
const PROBES = 8;

/**
 * Ids that were seen, in two bytes each (a Bloom filter, which begins another layer when one is full): it never denies one
 * that was added, and rarely takes another for it.
 */
export class KnownIds {
  readonly #layers: Uint8Array[] = [];
  readonly #layerIds: number;
  /** How many bits of a hash are more than a place in a layer takes. */
  readonly #unusedBits: number;
  /** How many were added to the newest layer. */
  #added: number;

  /** @param layerIds a power of 2 */
  constructor(layerIds = LAYER_IDS) {
    this.#layerIds = layerIds;
    this.#unusedBits = 32 - Math.log2(layerIds * BITS);
    this.#added = layerIds;
  }

  add(id: string): void {
    if (this.#added === this.#layerIds) {
      this.#layers.push(new Uint8Array((this.#layerIds * BITS) / 8));
      this.#added = 0;
    }
    this.#added += 1;
    const layer = this.#layers.at(-1) as Uint8Array;
    const [first, second] = hashesOf(id);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = hashAt(first, second, probe) >>> this.#unusedBits;
      layer[bit >>> 3] = (layer[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  /** False only if this id was never added. */
  mayHave(id: string): boolean {
    const [first, second] = hashesOf(id);
    return this.#layers.some((layer) => {
      for (let probe = 0; probe < PROBES; probe++) {
        const bit = hashAt(first, second, probe) >>> this.#unusedBits;
        if ((((layer[bit >>> 3] as number) >>> (bit & 7)) & 1) === 0) return false;
      }
      return true;
    });
  }
}

/** FNV-1a, with a multiplier of its own for each. */
function hashesOf(id: string): [first: number, second: number] {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let i = 0; i < id.length; i++) {
    const char = id.charCodeAt(i);
    first = Math.imul(first ^ char, 0x01000193);
    second = Math.imul(second ^ char, 0x85ebca6b);
  }
  // Neighbours differ in few bits of the last product; multiplied once more they differ in all.
  return [Math.imul(first ^ (first >>> 16), 0xc2b2ae35), Math.imul(second ^ (second >>> 13), 0xcc9e2d51) | 1];
}

/** One of the hashes of an id, all of which are made of two (Kirsch and Mitzenmacher). */
const hashAt = (first: number, second: number, probe: number): number => (Math.imul(probe, second) + first) >>> 0;

/** Which series of commits are over, for one of their calls has failed, and with what. */
export class EndedSeries<Failure> {
  #last = Number.NEGATIVE_INFINITY;
  #failure: Failure | undefined;

  /** A call has failed: its series and all with lower numbers are over. */
  add(series: number | undefined, failure: Failure): void {
    if (series === undefined || series <= this.#last) return;
    this.#last = series;
    this.#failure = failure;
  }

  /** What a call must fail with; undefined if it may be carried out. */
  failureOf(series: number | undefined): Failure | undefined {
    return series !== undefined && series <= this.#last ? this.#failure : undefined;
  }
}

/** A figure of ours beside that of a yardstick. */
export interface Row {
  /** What was measured. */
  figure: string;
  unit: string;
  skep: number;
  /** What stands beside it; without a value if it could not be measured here. Absent if there is none. */
  yardstick?: { name: string; value: number | undefined };
  goal?: Goal;
}

/** What is to be reached. */
export interface Goal {
  text: string;
  /** Undefined if that cannot be said without the yardstick. */
  isMet(skep: number, yardstick: number | undefined): boolean | undefined;
}

const compared =
  (isMet: (skep: number, yardstick: number) => boolean): Goal['isMet'] =>
  (skep, yardstick) =>
    yardstick === undefined ? undefined : isMet(skep, yardstick);

export const goals = {
  moreThanYardstick: { text: 'more', isMet: compared((skep, yardstick) => skep > yardstick) },
  lessThanYardstick: { text: 'less', isMet: compared((skep, yardstick) => skep < yardstick) },
  shareAtLeast: (share: number): Goal => ({
    text: `>= ${share * 100} %`,
    isMet: compared((skep, yardstick) => skep >= share * yardstick),
  }),
  timesAtMost: (times: number): Goal => ({ text: `<= ${times} x`, isMet: compared((skep, yardstick) => skep <= times * yardstick) }),
  moreByAtMost: (by: number, unit: string): Goal => ({
    text: `<= +${by} ${unit}`,
    isMet: compared((skep, yardstick) => skep - yardstick <= by),
  }),
  atMost: (value: number, unit: string): Goal => ({ text: `<= ${value} ${unit}`, isMet: (skep) => skep <= value }),
};

/** What a file of this folder answers. */
export interface Question {
  /** How it is called on the command line. */
  name: string;
  /** The question, for people. */
  question: string;
  run(): Promise<Row[]>;
}

/** Something to write, and a program that judges it by running it. */
export interface Exercise {
  readonly title: string;
  /** What is asked for, in a few lines. */
  readonly task: string;
  /** The file to write the answer into, from the repository's root. */
  readonly answerFile: string;
  /** Runs an answer. */
  readonly grade: (answer: string) => Promise<readonly Finding[]>;
}

/** One thing that an answer has to do, and whether it does. */
export interface Finding {
  readonly claim: string;
  readonly holds: boolean;
}

/** What of the catalog is in trouble, for the marks of the navigation. */
export interface TroubleView {
  readonly leakedLeases: number;
  /** False: the number is at least so. */
  readonly isComplete: boolean;
  /** When that was, by the server's clock; absent: it was not looked at yet, or the server does not tell. */
  readonly lookedAt?: Date;
}

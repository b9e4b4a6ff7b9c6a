/**
 * A moment to the microsecond, as the wire and databases carry it. It is a Date, to the millisecond, for everybody who needs
 * no more.
 */
export class Instant extends Date {
  /** Microseconds since 1970; an integer. */
  readonly micros: number;

  constructor(micros: number) {
    super(Math.floor(micros / 1000));
    this.micros = micros;
  }
}

/** Microseconds since 1970, as exactly as the moment is known. */
export function microsOf(date: Date): number {
  return date instanceof Instant ? date.micros : date.getTime() * 1000;
}

/** The moment of that many microseconds since 1970: an Instant where a Date cannot tell it. */
export function toMoment(micros: number): Date {
  return micros % 1000 === 0 ? new Date(micros / 1000) : new Instant(micros);
}

/** Who waits for a turn, the first first. */
let waiting: (() => void)[] = [];

/** Where the next of them is. */
let next = 0;

/**
 * A turn of the event loop, of one's own: those who wait for one get theirs one after another, and between two the event
 * loop does what else there is to do. However many streams have something to tell, nothing waits for all of them.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.length === 0) setImmediate(giveTurn);
    waiting.push(resolve);
  });
}

function giveTurn(): void {
  const resolve = waiting[next];
  next += 1;
  if (next < waiting.length) {
    setImmediate(giveTurn);
  } else {
    waiting = [];
    next = 0;
  }
  resolve?.();
}

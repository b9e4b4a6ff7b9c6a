/** Makes durable which names are in a directory. */
export interface DirectorySync {
  /** Settled as soon as a sync that began after this call has ended. @throws what that sync failed with */
  sync(): Promise<void>;
}

/**
 * Share syncs: one runs at a time, and all who ask meanwhile wait for one next.
 *
 * @param run syncs the directory
 */
export function createDirectorySync(run: () => Promise<void>): DirectorySync {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    const mine = run().finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    next = undefined;
    return mine;
  }

  return {
    sync() {
      if (running === undefined) return start();
      next ??= running.then(start, start);
      return next;
    },
  };
}

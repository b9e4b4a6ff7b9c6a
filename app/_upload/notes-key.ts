/** Where a browser keeps what it knows of uploads that were begun. It stands by itself: every page looks there. */
export const notesKey = "stowage-uploads";

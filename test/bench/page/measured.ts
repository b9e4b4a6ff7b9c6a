/** The same some times, one after the other. @returns what each found */
export async function repeated<Found>(runs: number, run: (index: number) => Promise<Found>): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let index = 0; index < runs; index += 1) found.push(await run(index));
  return found;
}

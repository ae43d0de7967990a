import type { Testimony } from './audit/testimony.ts';
import { createWitness } from './audit/witness.ts';
import type { FaultMark } from './faults/conduct.ts';
import { watchRecoveries } from './faults/recovery.ts';
import { readObservations } from './observations.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** Takes in what the load has written down, and writes into the marks how soon gifts flowed again. */
export async function readRecord(
  recordFile: string,
  startedAt: Date,
  marks: readonly FaultMark[],
): Promise<{ testimony: Testimony; timeline: Timeline }> {
  const witness = createWitness(Math.min(...marks.map(({ atMs }) => atMs)));
  const builder = createTimeline(startedAt.getTime());
  const recoveries = watchRecoveries(marks);
  for await (const seen of readObservations(recordFile)) {
    witness.testify(seen);
    builder.note(seen);
    recoveries.note(seen);
  }
  recoveries.finish();
  return { testimony: witness.testimony, timeline: builder.timeline };
}

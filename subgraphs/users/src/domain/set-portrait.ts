import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockPortraitSettings, updatePortraitSettings } from '../db/portrait-settings.ts';

const maxTagsAtOnce = 50;
const maxHiddenTags = 200;
const tags = z
  .array(
    z
      .string()
      .regex(
        /^[a-z]{1,20}:[A-Z_]{1,40}$/,
        'A tag, such as interest:DANCE. | 请填写标签，例如 interest:DANCE。',
      ),
  )
  .max(maxTagsAtOnce, `At most ${maxTagsAtOnce} tags. | 最多 ${maxTagsAtOnce} 个标签。`)
  .nullish();
const inputShape = z.object({ enabled: z.boolean().nullish(), hideTags: tags, showTags: tags });

/** Switches the portrait on or off, hides tags and shows them again. What is left out stays. */
export async function setPortrait(
  { db }: Services,
  personId: string,
  input: unknown,
): Promise<{ viewer: { id: string } }> {
  const { enabled, hideTags, showTags } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const before = await lockPortraitSettings(trx, personId);
    const hidden = new Set([...before.hidden_tags, ...(hideTags ?? [])]);
    for (const tag of showTags ?? []) hidden.delete(tag);
    if (hidden.size > maxHiddenTags) throw tooManyHidden();
    await updatePortraitSettings(trx, {
      person_id: personId,
      enabled: enabled ?? before.enabled,
      hidden_tags: [...hidden],
    });
  });
  return { viewer: { id: personId } };
}

function tooManyHidden() {
  return refuse(
    'INVALID_INPUT',
    {
      en: `At most ${maxHiddenTags} tags can be hidden. Switch the portrait off instead.`,
      zh: `最多可隐藏 ${maxHiddenTags} 个标签，您也可以直接关闭画像。`,
    },
    ['input', 'hideTags'],
  );
}

import { Refusal, type RefusalItem, type Wording } from '@banyan/kit/graphql';
import type { ProductRow, RateRow } from '../db/products.ts';
import type { DeclineRule, Question } from './questions.ts';
import { coversRegion } from './regions.ts';

export interface Answer {
  readonly key: string;
  readonly value: string;
}

/** Who is to be insured, as far as the product asks. */
export interface Applicant {
  readonly age: number;
  readonly regionCode: string;
  readonly answers: readonly Answer[];
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const numberPattern = /^-?\d{1,12}(\.\d{1,4})?$/;

/** @throws Refusal `INVALID_INPUT`, an item for each answer that is none, is not asked for, or is missing. */
export function checkAnswers(questions: readonly Question[], answers: readonly Answer[]): void {
  const items: RefusalItem[] = [];
  const wrong = (en: string, zh: string, ...path: string[]) =>
    items.push({ code: 'INVALID_INPUT', wording: { en, zh }, field: ['input', 'answers', ...path] });

  const byKey = new Map(questions.map((question) => [question.key, question]));
  const seen = new Set<string>();
  for (const [index, { key, value }] of answers.entries()) {
    const question = byKey.get(key);
    if (question === undefined) {
      wrong('This product does not ask that.', '该产品没有这个问题。', String(index), 'key');
    } else if (seen.has(key)) {
      wrong('Answered twice.', '重复回答。', String(index), 'key');
    } else if (!isAnswer(question, value)) {
      wrong('This is not an answer to that question.', '回答格式不正确。', String(index), 'value');
    }
    seen.add(key);
  }
  for (const { key, required, text } of questions) {
    if (required && !seen.has(key)) wrong(`Not answered: ${text.en}`, `尚未回答：${text.zh}`);
  }
  if (items.length > 0) throw new Refusal(items);
}

function isAnswer(question: Question, value: string): boolean {
  switch (question.kind) {
    case 'YES_NO':
      return value === 'YES' || value === 'NO';
    case 'NUMBER':
      return numberPattern.test(value);
    case 'CHOICE':
      return question.choices.includes(value);
    case 'TEXT':
      return value.trim() !== '';
    case 'DATE':
      return dayPattern.test(value) && isDay(value);
    default:
      return question.kind satisfies never;
  }
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Why the insurer does not take this person; none when it does. */
export function declineReasons(product: ProductRow, applicant: Applicant): Wording[] {
  const reasons: Wording[] = [];
  if (applicant.age < product.age_min || applicant.age > product.age_max) {
    reasons.push({
      en: `For ages ${product.age_min} to ${product.age_max}.`,
      zh: `投保年龄为 ${product.age_min} 至 ${product.age_max} 周岁。`,
    });
  }
  if (!coversRegion(product.regions, applicant.regionCode)) {
    reasons.push({ en: 'Not sold in this region.', zh: '该地区暂不销售。' });
  }
  for (const { key, value } of applicant.answers) {
    const rules = product.questions.find((question) => question.key === key)?.declines ?? [];
    reasons.push(...rules.filter((rule) => isBroken(rule, value)).map((rule) => rule.reason));
  }
  return reasons;
}

function isBroken(rule: DeclineRule, value: string): boolean {
  switch (rule.kind) {
    case 'ANSWER_IS':
      return rule.values.includes(value);
    case 'NUMBER_OUTSIDE':
      return Number(value) < rule.least || Number(value) > rule.most;
    default:
      return rule satisfies never;
  }
}

/** The premium of a year in minor units: the region's own rate, else the country's, else the general one. */
export function premiumOf(rates: readonly RateRow[], applicant: Applicant): bigint | null {
  const [country = ''] = applicant.regionCode.split('-');
  const ofAge = rates.filter(({ age_from, age_to }) => age_from <= applicant.age && applicant.age <= age_to);
  for (const region of [applicant.regionCode, country, null]) {
    const rate = ofAge.find(({ region_code }) => region_code === region);
    if (rate !== undefined) return rate.premium_minor;
  }
  return null;
}

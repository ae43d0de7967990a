import { sharedByTests } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { findUntrustedLink } from '../src/domain/link-guard.ts';
import { addStation } from './station.ts';
import { startCourses } from './support.ts';

const courses = await sharedByTests(startCourses());

describe('bait', () => {
  test('is not posted', async () => {
    const station = await addStation(courses);
    const a = await station.member();
    const answer = await station.write(a, { body: '免费领鸡蛋 http://egg.example.top/x' });
    expect(answer.userErrors).toMatchObject([
      {
        code: 'LINK_BLOCKED',
        field: ['input', 'body'],
        message: expect.stringContaining('egg.example.top') as string,
      },
    ]);
  });

  test.each([
    'https://evil.com/a',
    'HTTP://EVIL.COM',
    'www.evil.com',
    'evil.com',
    '看这里evil.top领奖',
    'ｅｖｉｌ．ｃｏｍ',
    'evil。com',
    'evil点com',
    'evil [dot] com',
    'evil 点 com',
    'ev\u200bil.com',
    'https://gov.cn@evil.com/',
    'https://gov.cn.evil.com/',
    'http://192.168.1.7/x',
    '请加 45.77.1.2',
    'taobao://open?x',
  ])('is known in its disguise: %s', (text) => {
    expect(findUntrustedLink(text)).not.toBeNull();
  });

  test.each([
    '今天练了3.5公里，血压120.5。',
    'https://www.gov.cn/zhengce',
    'https://zh.wikipedia.org/wiki/书法',
    'I am fine.See you tomorrow.',
    '九点半开始，十点结束',
    '第1.2.3课',
    'Dr. Wang e.g. said so...',
    '一点com也没有',
  ])('is not seen where there is none: %s', (text) => {
    expect(findUntrustedLink(text)).toBeNull();
  });
});

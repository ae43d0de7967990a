import type { SmallDisk } from '@banyan/kit/embedded';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Infliction, TakeEffect } from './repertoire.ts';

/** SQLSTATE of a disk that is full (PostgreSQL manual, appendix A). */
const diskFull = '53100';
const maxLogSwitches = 500;
const feelPauseMs = 50;

/**
 * Leaves PostgreSQL no room for its data for a while: tables cannot grow, and statements fail with `diskFull`, which is
 * made sure of by one of our own.
 */
export async function fillDisk(
  disk: SmallDisk,
  forMs: number,
  adminUrl: string,
  takeEffect: TakeEffect,
): Promise<Infliction> {
  return withAdmin(adminUrl, async (client) => {
    return whileFull(disk, async () => {
      const [isFelt] = await Promise.all([feelsFull(client, forMs, takeEffect), delay(forMs)]);
      return isFelt ? 'done' : 'without effect';
    });
  });
}

/** The same with no room in the write-ahead log either, on which PostgreSQL gives up (PANIC). */
export async function fillLog(
  disk: SmallDisk,
  forMs: number,
  adminUrl: string,
  takeEffect: TakeEffect,
): Promise<Infliction> {
  return withAdmin(adminUrl, (client) =>
    whileFull(disk, async () => {
      const hasGivenUp = await useUpLog(client);
      if (hasGivenUp) takeEffect();
      await delay(forMs);
      return hasGivenUp ? 'done' : 'without effect';
    }),
  );
}

/** Connects beforehand, since on a full disk nobody new may be let in, with a table that can grow. */
async function withAdmin(url: string, work: (client: pg.Client) => Promise<Infliction>): Promise<Infliction> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  const isReady = await client
    .connect()
    .then(() => client.query('create temp table grown (text text)'))
    .then(
      () => true,
      () => false,
    );
  try {
    return isReady ? await work(client) : 'not there';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether a table that grows is told within so long that there is no room. */
async function feelsFull(client: pg.Client, forMs: number, takeEffect: TakeEffect): Promise<boolean> {
  const deadlineMs = Date.now() + forMs;
  do {
    try {
      await client.query(`insert into grown select repeat('x', 1000) from generate_series(1, 1000)`);
      await delay(feelPauseMs);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== diskFull) return false;
      takeEffect();
      return true;
    }
  } while (Date.now() < deadlineMs);
  return false;
}

async function whileFull(disk: SmallDisk, work: () => Promise<Infliction>): Promise<Infliction> {
  await disk.fill();
  try {
    return await work();
  } finally {
    await disk.clear();
  }
}

/** Asks for segments of the log until there is none to be had; false when there is no end of them. */
async function useUpLog(client: pg.Client): Promise<boolean> {
  for (let switches = 0; switches < maxLogSwitches; switches += 1) {
    try {
      // A segment without a word in it is not left.
      await client.query(`select pg_logical_emit_message(false, 'load', 'full'), pg_switch_wal()`);
    } catch {
      return true;
    }
  }
  return false;
}

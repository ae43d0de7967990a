import { PeerUnavailable } from '../hop/client.ts';
import type { Logger } from '../service/logger.ts';

/**
 * How old a process is when it no longer counts as starting. The services of a system start side by side, and one of a new
 * system first loads its seed data: the first of them that is up waits some seconds for the last.
 */
const startingMs = 20_000;

/** Tells of a feed that cannot be followed: a line when that begins and a line when it ends, however often it is tried. */
export interface OutageLog {
  followed(): void;
  failed(error: unknown): void;
}

/** A peer that has not been reached yet while this process starts is no fault; whatever else fails is warned of at once. */
export function createOutageLog(feed: string, log: Logger): OutageLog {
  let wasFollowed = false;
  let said: 'nothing' | 'waiting' | 'warning' = 'nothing';

  const isExpected = (error: unknown) =>
    !wasFollowed && error instanceof PeerUnavailable && process.uptime() * 1_000 < startingMs;

  return {
    followed() {
      if (said !== 'nothing')
        log.info({ feed }, wasFollowed ? 'the feed is followed again' : 'the feed is followed');
      said = 'nothing';
      wasFollowed = true;
    },
    failed(error) {
      if (said === 'warning') return;
      if (!isExpected(error)) {
        log.warn({ err: error, feed }, 'the feed cannot be followed now');
        said = 'warning';
      } else if (said === 'nothing') {
        log.info({ feed }, 'the feed is not there yet: its service may be starting too');
        said = 'waiting';
      }
    },
  };
}

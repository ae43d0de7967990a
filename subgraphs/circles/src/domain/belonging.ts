import type { MembershipRow } from '../db/memberships.ts';
import { belongingStates, circleRoles, type CircleAccess, type CircleRole } from './words.ts';

type Standing = Pick<MembershipRow, 'role' | 'state'> | null | undefined;

export function belongs(membership: Pick<MembershipRow, 'state'> | null | undefined): boolean {
  return membership != null && (belongingStates as readonly string[]).includes(membership.state);
}

/** Whether somebody acts for the circle with at least this role. A muted person acts for nobody. */
export function actsAs(membership: Standing, role: CircleRole): boolean {
  return membership?.state === 'ACTIVE' && rankOf(membership.role) >= rankOf(role);
}

/** A greater number for a more powerful role. */
export function rankOf(role: CircleRole): number {
  return circleRoles.length - circleRoles.indexOf(role);
}

/** Whether the circle's posts are for this person: open circles are read by everybody, the others by who belongs. */
export function mayRead(circle: { access: CircleAccess }, membership: Standing): boolean {
  switch (circle.access) {
    case 'PUBLIC_READ':
    case 'APPLY':
      return true;
    case 'INVITE_ONLY':
    case 'CLOSED':
      return belongs(membership);
    default:
      return circle.access satisfies never;
  }
}

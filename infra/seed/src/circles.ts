import { circleThemes, type CircleTheme, type OrganisationKind } from '@banyan/vocabulary';
import { counts } from './counts.ts';
import { organisationsOfKind } from './organisations.ts';
import { circleOperatorUser } from './parts.ts';
import { personas } from './personas.ts';
import { createRandom } from './random.ts';
import { castId } from './seed-id.ts';

export interface CastCircle {
  readonly number: number;
  readonly id: `cir_${string}`;
  readonly theme: CircleTheme;
  /** Number of the person, or of the organisation, that runs it. */
  readonly operator: { readonly user: number } | { readonly organisation: number };
}

/** Themes that institutions run, and which: wealth needs a licence, so no person runs it. */
const institutions: Partial<Record<CircleTheme, OrganisationKind>> = {
  SHOPPING: 'MERCHANT',
  DINING: 'MERCHANT',
  WEALTH: 'INSURER',
  HEALTH: 'HOSPITAL',
  GIVING: 'CHARITY',
};

/** Circle 1 is the giving circle of the circle operator among the personas; it backs the hot campaign. */
export const circles: readonly CastCircle[] = Array.from({ length: counts.circles }, (_, index) => {
  const number = index + 1;
  const theme = number === 1 ? 'GIVING' : (circleThemes[index % circleThemes.length] as CircleTheme);
  return { number, id: castId('circle', number), theme, operator: operatorOf(number, theme) };
});

function operatorOf(number: number, theme: CircleTheme): CastCircle['operator'] {
  if (number === 1) return { user: personas.circleOperator.number };
  const random = createRandom(`circle:${number}`);
  const kind = institutions[theme];
  if (kind && (theme === 'WEALTH' || random.chance(0.5))) {
    return { organisation: random.pick(organisationsOfKind(kind)) };
  }
  return { user: circleOperatorUser(number) };
}

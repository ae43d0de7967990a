import { builder } from '../builder.ts';
import { Circle } from './circle.ts';
import { Organisation } from './organisation.ts';
import { User } from './user.ts';

const CircleOperator = builder.unionType('CircleOperator', {
  types: [User, Organisation],
  resolveType: ({ id }) => (id.startsWith('org_') ? 'Organisation' : 'User'),
});

builder.objectField(Circle, 'operator', (t) =>
  t.field({
    type: CircleOperator,
    nullable: true,
    description: 'Who runs the circle.',
    resolve: (circle) => ({ id: circle.operator_organisation_id ?? circle.operator_user_id ?? '' }),
  }),
);

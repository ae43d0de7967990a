/** The smoke's load for long: what leaks or slows down shows here. */
export { donor, options, reader } from './smoke.ts';

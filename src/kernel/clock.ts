/** Source of the present instant. Everything that needs the time takes one, so that tests can set it. */
export interface Clock {
  /** Now, UTC. */
  now(): Date;
}

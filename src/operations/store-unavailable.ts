/**
 * Fault: the records cannot be read now, because their database does not answer (stopped, out of connections, no network).
 * Nothing was changed; asking again later may work. The edge answers it with the problem `store.unavailable`. Carries no
 * text of the driver in its message: that names hosts and databases.
 * Source: ADR 0024.
 */
export class StoreUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('The records cannot be reached', options);
    this.name = 'StoreUnavailable';
  }
}

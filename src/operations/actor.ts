export type { Actor, ActorRole } from '../identity/actor.ts';

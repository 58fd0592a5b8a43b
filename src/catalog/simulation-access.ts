/**
 * How far merchants reach into simulation sets of a dataset. Strictness grows in this order.
 *
 * - `open`: every set that is in use, whoever made it. L0 comes from the published catalogue alone.
 * - `published`: sets that an operator published, and those of the own organisation.
 * - `granted`: as `published`, and beyond looking (list, show, preview) only with a live grant on the dataset.
 * - `supervised`: as `granted`, and rows are looked at only with a live grant or a preview that the supervisor gave.
 * - `agreed`: as `granted`, and rows are looked at only with a live grant.
 *
 * Source: requirements GZ-16b (view before applying), GZ-20b (development rights after the agreement), NB-12b (lab before it);
 * requirements.md §4, I1 (view is not the right to develop).
 */
export const SIMULATION_ACCESS = ['open', 'published', 'granted', 'supervised', 'agreed'] as const;
export type SimulationAccess = (typeof SIMULATION_ACCESS)[number];

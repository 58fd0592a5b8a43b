/** A query of the demonstration: what the merchant wants, and whether operators will find the purpose in order. */
export interface DemoQuery {
  readonly title: string;
  readonly kind: 'honest' | 'attack';
  readonly sql: string;
}

export const HONEST: readonly DemoQuery[] = [
  {
    title: 'Which departments do people with which insurance go to, and what does it cost?',
    kind: 'honest',
    sql: `SELECT department, insurance, count(*) AS visits, count(DISTINCT resident_id) AS people, avg(cost) AS average_cost
FROM visits
GROUP BY department, insurance`,
  },
  {
    title: 'How many people live in each village? (a few villages have fewer than ten)',
    kind: 'honest',
    sql: `SELECT village, count(DISTINCT resident_id) AS people
FROM residents
GROUP BY village`,
  },
  {
    title: 'Which industries pay how much tax? (one enterprise dominates its industry)',
    kind: 'honest',
    sql: `SELECT e.industry, count(DISTINCT t.uscc) AS enterprises, sum(t.tax_paid) AS tax
FROM tax AS t JOIN enterprises AS e ON t.uscc = e.uscc
GROUP BY e.industry`,
  },
];

export const ATTACKS: readonly DemoQuery[] = [
  {
    title: 'Names and incomes of the people of a tiny village',
    kind: 'attack',
    sql: `SELECT name, income FROM residents WHERE village = '孤屿村'`,
  },
  {
    title: 'The diagnoses of a village of a handful of people, one count each',
    kind: 'attack',
    sql: `SELECT v.diagnosis, count(DISTINCT v.resident_id) AS people
FROM visits AS v JOIN residents AS r ON v.resident_id = r.resident_id
WHERE r.village = '孤屿村'
GROUP BY v.diagnosis`,
  },
];

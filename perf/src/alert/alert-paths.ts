/** The ways an alert takes to the board's page, and how fast each should be. Pure. */
import { objectives } from '@quartersec/sla';

export const watchedAlert = 'RetriesExhausted';

/** The promise, which decides. */
export const boundMs = objectives.alert.visibleWithinMs;
/** Late is late, but by how much is worth knowing: the page is watched for longer than the promise. */
export const watchedForMs = 1.5 * boundMs;

export const alertPathNames = ['live', 'alertmanager', 'prometheus'] as const;
export type AlertPathName = (typeof alertPathNames)[number];

export interface AlertPath {
  readonly about: string;
  /** Wished for, reported, never decisive. */
  readonly targetMs: number;
  /** Which of a round's two boards shows it: the one that reads the system, or the one that reads Prometheus. */
  readonly board: 'system' | 'prometheus';
  /** As the board marks it. */
  readonly mark: 'live' | 'prometheus';
}

/**
 * The board that reads the system is also the one that Alertmanager tells: what it shows with Prometheus' mark can have come
 * through Alertmanager only. The board that reads Prometheus is told by nobody.
 */
export const alertPaths: Readonly<Record<AlertPathName, AlertPath>> = {
  live: { about: 'live evaluator of the board', targetMs: 15_000, board: 'system', mark: 'live' },
  alertmanager: {
    about: 'Prometheus and Alertmanager',
    targetMs: 25_000,
    board: 'system',
    mark: 'prometheus',
  },
  prometheus: {
    about: 'Prometheus alone, asked by its board',
    targetMs: 25_000,
    board: 'prometheus',
    mark: 'prometheus',
  },
};

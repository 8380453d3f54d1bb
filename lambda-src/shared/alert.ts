import type { ApiCall } from "./api-call";

/** How bad it is when it is what it seems, from a matter for the weekly review to one for the middle of the night. */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** What people are told, by whatever road: mail, Slack and machines are told the same. */
export interface Alert {
  /** Subject of the mail, before it is cut to what SNS takes. */
  readonly subject: string;
  /** What it is about, e.g. the title of a detection. */
  readonly title: string;
  readonly severity: Severity;
  /** Id of the detection, or what stands for it where it is none, e.g. `trail-guard`: by it alerts are routed. */
  readonly detection: string;
  /** Whole sentences: what happened, how often, when. */
  readonly summary: string;
  /** The first of the calls that it is about, at most ten. */
  readonly calls: readonly ApiCall[];
  /** How many calls it is about, as text, e.g. `37` or `at least 10000`; undefined where nobody counts. */
  readonly callCount?: string | undefined;
  /** What else is known, e.g. the trail: a label of one word and the lines that belong to it. */
  readonly facts: readonly Fact[];
  /** What was found, one line each, e.g. what the guard restored. */
  readonly items: readonly string[];
  /** Whole sentences about the alert itself, e.g. that not all of it could be read. */
  readonly notices: readonly string[];
  /** What to look at first, or to do, one line each. */
  readonly steps: readonly string[];
  readonly links: readonly Link[];
}

export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
}

export interface Link {
  /** e.g. `Alarm` */
  readonly label: string;
  /** Made by this project: nothing of an event stands in it unencoded. */
  readonly url: string;
}

/** What stands for a detection in alerts of the guard, and of its alarms. */
export const TRAIL_GUARD_DETECTION = "trail-guard";
/** What stands for a detection in alerts of EC2 instances. */
export const EC2_DETECTION = "ec2-state-change";

/** An alert tells of at most so many calls one by one. */
export const MOST_CALLS = 10;

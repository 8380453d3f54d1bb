import { Alerting } from "./alerting";
import { AuditParts } from "./audit-parts";
import { type Cost, costOf } from "./cost";
import type { Finding } from "./finding";
import { GuardParts } from "./guard-parts";
import type { Plan } from "./plan";
import { References } from "./references";

/** What rules judge. */
export class ReviewContext {
  readonly references: References;
  readonly parts: AuditParts;
  readonly alerting: Alerting;
  readonly cost: Cost;
  /** Worked out where a rule asks for it: it runs event patterns. */
  private guardParts: GuardParts | undefined;
  constructor(readonly plan: Plan) {
    this.references = new References(plan.configuration);
    this.parts = new AuditParts(plan, this.references);
    this.alerting = new Alerting(plan, this.parts);
    this.cost = costOf(plan);
  }

  get guard(): GuardParts {
    this.guardParts ??= new GuardParts(this.plan);
    return this.guardParts;
  }
}

/** Judges a plan by some of the rules. */
export type Judge = (context: ReviewContext) => Finding[];

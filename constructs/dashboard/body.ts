/**
 * What a CloudWatch dashboard holds, as far as it is needed here.
 *
 * Source: CloudWatch API reference, "Dashboard body structure and syntax".
 */
export interface DashboardBody {
  /** Time that is shown at first, back from now: `-PT` and hours or minutes. */
  readonly start: string;
  /** Keeps each graph's own period, whatever time is shown. */
  readonly periodOverride: "inherit";
  readonly widgets: readonly Widget[];
}

/** A widget and its place, in units of the grid: {@link COLUMNS} wide, and as long as it takes. */
export type Widget = WidgetContent & { readonly x: number; readonly y: number };

export type WidgetContent = Size & (AlarmWidget | LogWidget | MetricWidget | TextWidget);

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface TextWidget {
  readonly type: "text";
  readonly properties: { readonly markdown: string };
}

export interface AlarmWidget {
  readonly type: "alarm";
  readonly properties: {
    readonly title: string;
    /** ARNs, 1 to 100. */
    readonly alarms: readonly string[];
    readonly sortBy: "stateUpdatedTimestamp";
  };
}

export interface LogWidget {
  readonly type: "log";
  readonly properties: {
    readonly title: string;
    readonly region: string;
    /** Of Logs Insights; it begins with `SOURCE` and the log group. */
    readonly query: string;
    readonly view: "table";
  };
}

export interface MetricWidget {
  readonly type: "metric";
  readonly properties: {
    readonly title: string;
    readonly region: string;
    readonly view: "timeSeries";
    readonly stat: string;
    /** Seconds. */
    readonly period: number;
    /** Namespace, name, and names and values of the dimensions; at most 500. */
    readonly metrics: readonly (readonly string[])[];
    readonly yAxis: { readonly left: { readonly min: number } };
    readonly annotations?: { readonly horizontal: readonly HorizontalAnnotation[] };
  };
}

export interface HorizontalAnnotation {
  readonly label: string;
  readonly value: number;
  readonly color: string;
}

export const COLUMNS = 24;
export const MOST_WIDGETS = 500;
export const MOST_ALARMS = 100;

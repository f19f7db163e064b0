/** An event source mapping as Lambda's API shows it. */
export interface EventSourceMappingDescription {
  UUID: string;
  BatchSize: number;
  MaximumBatchingWindowInSeconds: number;
  EventSourceArn: string;
  EventSourceMappingArn: string;
  FunctionArn: string;
  /** Seconds since the epoch. */
  LastModified: number;
  State: 'Enabled' | 'Disabled';
  StateTransitionReason: string;
  FunctionResponseTypes: string[];
  ScalingConfig?: { MaximumConcurrency: number };
  FilterCriteria?: { Filters: { Pattern: string }[] };
}

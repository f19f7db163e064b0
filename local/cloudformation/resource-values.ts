/** What the rest of a template may read of a resource that exists. */
export interface ResourceValues {
  /** The value of `Ref`. */
  ref: string;
  /** The values of `Fn::GetAtt`, by attribute name. */
  attributes: Record<string, string>;
  /** Stands in for every attribute of a resource that does not exist here. */
  anyAttribute?: (name: string) => string;
}

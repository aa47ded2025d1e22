/** Where in a kind's objects its scale is: how many replicas it asks for, how many it has, and which they are. */
export interface ScalePaths {
  spec: string
  status: string
  /** Where a text selects the replicas; built-in kinds have a selector instead. */
  selector?: string
}

export const builtInScale: ScalePaths = { spec: '.spec.replicas', status: '.status.replicas' }

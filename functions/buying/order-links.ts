/** Where an order is found and what can be asked of it. */
export interface OrderLinks {
  readonly self: string;
  readonly cancel: string;
}

export function orderLinks(orderId: string): OrderLinks {
  return { self: `/orders/${orderId}`, cancel: `/orders/${orderId}/cancel` };
}

/** Plaid's personal finance categories (its published taxonomy) for what the story knows. */
import type { PayeeKind } from '../story/payees.ts';

/** Kind to [primary, detailed, transaction_code where the bank codes its transactions]. */
export const categories: Readonly<Record<PayeeKind, readonly [primary: string, detailed: string, code: string]>> = {
  groceries: ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_GROCERIES', 'purchase'],
  coffee: ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_COFFEE', 'purchase'],
  restaurant: ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_RESTAURANT', 'purchase'],
  'fast-food': ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_FAST_FOOD', 'purchase'],
  fuel: ['TRANSPORTATION', 'TRANSPORTATION_GAS', 'purchase'],
  transit: ['TRANSPORTATION', 'TRANSPORTATION_PUBLIC_TRANSIT', 'purchase'],
  taxi: ['TRANSPORTATION', 'TRANSPORTATION_TAXIS_AND_RIDE_SHARES', 'purchase'],
  pharmacy: ['MEDICAL', 'MEDICAL_PHARMACIES_AND_SUPPLEMENTS', 'purchase'],
  clothing: ['GENERAL_MERCHANDISE', 'GENERAL_MERCHANDISE_CLOTHING_AND_ACCESSORIES', 'purchase'],
  electronics: ['GENERAL_MERCHANDISE', 'GENERAL_MERCHANDISE_ELECTRONICS', 'purchase'],
  books: ['GENERAL_MERCHANDISE', 'GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS', 'purchase'],
  hardware: ['HOME_IMPROVEMENT', 'HOME_IMPROVEMENT_HARDWARE', 'purchase'],
  cinema: ['ENTERTAINMENT', 'ENTERTAINMENT_TV_AND_MOVIES', 'purchase'],
  marketplace: ['GENERAL_MERCHANDISE', 'GENERAL_MERCHANDISE_ONLINE_MARKETPLACES', 'purchase'],
  salary: ['INCOME', 'INCOME_WAGES', 'transfer'],
  rent: ['RENT_AND_UTILITIES', 'RENT_AND_UTILITIES_RENT', 'standing order'],
  streaming: ['ENTERTAINMENT', 'ENTERTAINMENT_TV_AND_MOVIES', 'direct debit'],
  music: ['ENTERTAINMENT', 'ENTERTAINMENT_MUSIC_AND_AUDIO', 'direct debit'],
  gym: ['PERSONAL_CARE', 'PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS', 'direct debit'],
  phone: ['RENT_AND_UTILITIES', 'RENT_AND_UTILITIES_TELEPHONE', 'direct debit'],
  electricity: ['RENT_AND_UTILITIES', 'RENT_AND_UTILITIES_GAS_AND_ELECTRICITY', 'bill payment'],
  insurance: ['GENERAL_SERVICES', 'GENERAL_SERVICES_INSURANCE', 'direct debit'],
  'savings-out': ['TRANSFER_OUT', 'TRANSFER_OUT_SAVINGS', 'transfer'],
  'savings-in': ['TRANSFER_IN', 'TRANSFER_IN_SAVINGS', 'transfer'],
  'card-payment-out': ['LOAN_PAYMENTS', 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', 'transfer'],
  'card-payment-in': ['LOAN_PAYMENTS', 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', 'transfer'],
};

import { z } from 'zod';

export const productCodePattern = /^[A-Z][A-Z0-9-]{1,39}$/;

export const productCode = z
  .string()
  .regex(productCodePattern, 'A product code, such as EVERGREEN-CARE. | 产品代码格式不正确。');

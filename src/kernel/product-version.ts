/** Version of the product, the one in package.json. */
export const PRODUCT_VERSION = '0.1.0';

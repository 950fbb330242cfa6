/* Numbers side by side: types and the operations that depend on them, for each WIDTH above 1. */

typedef double F(real) __attribute__((vector_size(8 * WIDTH)));
typedef double F(any) __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
typedef int64_t F(mask) __attribute__((vector_size(8 * WIDTH)));
typedef int32_t F(whole) __attribute__((vector_size(4 * WIDTH)));
typedef int32_t F(any_whole) __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

INLINE REAL F(pick)(F(mask) condition, REAL a, REAL b) {
  return (REAL)((condition & (F(mask))a) | (~condition & (F(mask))b));
}

INLINE REAL F(size)(REAL x) { return (REAL)((F(mask))x & INT64_MAX); }

INLINE REAL F(flipped)(REAL a, REAL by) { return (REAL)((F(mask))a ^ ((F(mask))by & INT64_MIN)); }

INLINE REAL F(index)(REAL x, int32_t *row) {
  const F(whole) whole = __builtin_convertvector(x, F(whole));
  *(F(any_whole) *)row = whole;
  return __builtin_convertvector(whole, REAL);
}

INLINE REAL F(power)(REAL shifted) {
  return (REAL)(((F(mask))shifted - 0x4338000000000000LL + 1023) << 52);
}

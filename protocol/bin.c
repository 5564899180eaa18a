/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/bin.h"

#include <string.h>

/*
 * Every record that is stored passes here. Loops run over a fixed number of lanes without branches, each lane with
 * results of its own, so that the compiler makes them loops over vectors.
 */
#define LANES 8
/* Values that are looked at together: they stay in the processor's nearest memory. */
#define RUN   256

void
op_bin_add (OpBin *bin, const OpBin *add)
{
  bin->n_nan += add->n_nan;
  if (add->n_values == 0)
    return;
  if (bin->n_values == 0)
    {
      bin->first = add->first;
      bin->min = add->min;
      bin->max = add->max;
    }
  bin->min = MIN (bin->min, add->min);
  bin->max = MAX (bin->max, add->max);
  bin->last = add->last;
  bin->sum += add->sum;
  bin->n_values += add->n_values;
}

/* Numbers of any type */

/* What is between two numbers of a run, both no flags, and within them. */
static OpBin
sum_up (OpFlags flags, const double *numbers, gsize first, gsize end)
{
  double lows[LANES], highs[LANES], sums[LANES] = { 0 };
  gint64 counts[LANES] = { 0 };
  OpBin bin = { numbers[first], numbers[first], numbers[first], numbers[end - 1], 0, 0, 0 };
  gsize i = first;

  for (gsize k = 0; k < LANES; k++)
    lows[k] = highs[k] = numbers[first];
  for (; i + LANES <= end; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      {
        gboolean is_number = !op_flags_contain (flags, numbers[i + k]);
        double number = is_number ? numbers[i + k] : lows[k], high = is_number ? numbers[i + k] : highs[k];

        lows[k] = number < lows[k] ? number : lows[k];
        highs[k] = high > highs[k] ? high : highs[k];
        sums[k] += is_number ? number : 0;
        counts[k] += is_number;
      }
  for (gsize k = 0; i < end; i++, k++)
    if (!op_flags_contain (flags, numbers[i]))
      {
        lows[k] = MIN (lows[k], numbers[i]);
        highs[k] = MAX (highs[k], numbers[i]);
        sums[k] += numbers[i];
        counts[k]++;
      }
  for (gsize k = 0; k < LANES; k++)
    {
      bin.min = MIN (bin.min, lows[k]);
      bin.max = MAX (bin.max, highs[k]);
      bin.sum += sums[k];
      bin.n_values += (guint32) counts[k];
    }
  return bin;
}

void
op_bin_add_numbers (OpBin *bin, OpFlags flags, const double *numbers, gsize count)
{
  gsize first = 0, end = count;

  while (first < end && op_flags_contain (flags, numbers[first]))
    first++;
  while (end > first && op_flags_contain (flags, numbers[end - 1]))
    end--;
  OpBin add = first < end ? sum_up (flags, numbers, first, end) : OP_BIN_EMPTY;
  add.n_nan = (guint32) count - add.n_values;
  op_bin_add (bin, &add);
}

/*
 * FP2 and IEEE4, what most tables consist of: rarely is one of them a flag, as op_type_get_flags() lists them. That
 * shows in what they come to; then they are looked at one by one, as numbers of any type.
 */
typedef struct
{
  float  flag;     /* it and its opposite are flags, */
  float  end;      /* as are numbers of this size or more */
  double per_unit;
} FloatForm;

#define FLOAT_LANES     4 /* what any processor takes at once */
#define FLOAT_MAGNITUDE 0x7FFFFFFF

/* FALSE: one of them is a flag. @count is not 0. */
static G_GNUC_NO_INLINE gboolean
sum_up_floats (const FloatForm *form, const float *numbers, gsize count, OpBin *bin)
{
  float lows[FLOAT_LANES], highs[FLOAT_LANES];
  double sum = 0, sums[FLOAT_LANES] = { 0 };
  gint32 word, flag, flags[FLOAT_LANES] = { 0 };
  gsize i = 0;

  memcpy (&flag, &form->flag, sizeof flag);
  for (gsize k = 0; k < FLOAT_LANES; k++)
    lows[k] = highs[k] = numbers[0];
  for (; i + FLOAT_LANES <= count; i += FLOAT_LANES)
    {
      gint32 words[FLOAT_LANES];

      memcpy (words, numbers + i, sizeof words);
      for (gsize k = 0; k < FLOAT_LANES; k++)
        flags[k] |= -((words[k] & FLOAT_MAGNITUDE) == flag);
      for (gsize k = 0; k < FLOAT_LANES; k++)
        {
          lows[k] = numbers[i + k] < lows[k] ? numbers[i + k] : lows[k];
          highs[k] = numbers[i + k] > highs[k] ? numbers[i + k] : highs[k];
        }
      for (gsize k = 0; k < FLOAT_LANES; k++)
        sums[k] += (double) numbers[i + k];
    }
  for (gsize k = 0; i < count; i++, k++)
    {
      memcpy (&word, &numbers[i], sizeof word);
      flags[k] |= -((word & FLOAT_MAGNITUDE) == flag);
      lows[k] = MIN (lows[k], numbers[i]);
      highs[k] = MAX (highs[k], numbers[i]);
      sums[k] += (double) numbers[i];
    }
  for (gsize k = 0; k < FLOAT_LANES; k++)
    {
      lows[0] = MIN (lows[0], lows[k]);
      highs[0] = MAX (highs[0], highs[k]);
      flags[0] |= flags[k];
      sum += sums[k];
    }
  *bin = (OpBin){ lows[0] / form->per_unit, highs[0] / form->per_unit, numbers[0] / form->per_unit,
                  numbers[count - 1] / form->per_unit, sum / form->per_unit, (guint32) count, 0 };
  /* A comparison with NAN shows nothing, but a sum does. */
  return flags[0] == 0 && lows[0] > -form->end && highs[0] < form->end && !isnan (sum);
}

/*
 * FP2: sign, two bits of decimal places, 13 of magnitude (pakbus-facts F2). All of them are whole thousandths, of which
 * floats hold 2^24 exactly. Flags have no decimals; NAN and infinities have larger magnitudes than 7999, too.
 */
#define FP2_MAGNITUDE 0x1FFF
#define FP2_PLACES    0x6000
#define FP2_FLAG      6999
#define FP2_END       7999
#define FP2_PER_UNIT  1000
static const FloatForm fp2_form = { FP2_FLAG * FP2_PER_UNIT, FP2_END * FP2_PER_UNIT, FP2_PER_UNIT };

static inline gint16
get_fp2_signed_magnitude (gint16 word)
{
  gint16 magnitude = word & FP2_MAGNITUDE, sign = word >> 15;

  return (gint16) ((magnitude ^ sign) - sign);
}

/* How many thousandths a word's magnitude counts by: 1000, but 100 times less with one bit, 10 times with the other. */
static inline gint16
get_fp2_weight (gint16 word)
{
  gint16 two = (gint16) ((guint16) word << 1) >> 15, one = (gint16) ((guint16) word << 2) >> 15;

  return (gint16) ((100 ^ (two & (100 ^ 1))) * (10 ^ (one & (10 ^ 1))));
}

static G_GNUC_NO_INLINE gboolean
look_alike_fp2 (const gint16 *words, gsize count)
{
  return (((words[0] ^ words[count / 2]) | (words[0] ^ words[count - 1])) & FP2_PLACES) == 0;
}

/* Words that all have the same decimal places, as those of a sensor mostly have: else FALSE; as when one is a flag.
   Fills what is left of the last lanes. */
static G_GNUC_NO_INLINE gboolean
sum_up_alike_fp2 (gint16 *words, gsize count, OpBin *bin)
{
  gint16 first = get_fp2_signed_magnitude (words[0]), last = get_fp2_signed_magnitude (words[count - 1]);
  gint16 lows[LANES], highs[LANES], others[LANES] = { 0 }, flags[LANES] = { 0 };
  gint32 sum = 0, sums[LANES] = { 0 };
  double per_unit = FP2_PER_UNIT / get_fp2_weight (words[0]);
  gsize n = count;

  for (; n % LANES != 0; n++)
    {
      words[n] = words[0];
      sum -= first;
    }
  for (gsize k = 0; k < LANES; k++)
    lows[k] = highs[k] = first;
  for (gsize i = 0; i < n; i += LANES)
    {
      gint16 magnitudes[LANES];

      for (gsize k = 0; k < LANES; k++)
        {
          gint16 word = words[i + k], magnitude = get_fp2_signed_magnitude (word);

          others[k] |= word ^ words[0];
          flags[k] |= -((word & (FP2_PLACES | FP2_MAGNITUDE)) == FP2_FLAG);
          lows[k] = magnitude < lows[k] ? magnitude : lows[k];
          highs[k] = magnitude > highs[k] ? magnitude : highs[k];
          magnitudes[k] = magnitude;
        }
      for (gsize k = 0; k < LANES; k++)
        sums[k] += magnitudes[k];
    }
  for (gsize k = 0; k < LANES; k++)
    {
      lows[0] = MIN (lows[0], lows[k]);
      highs[0] = MAX (highs[0], highs[k]);
      others[0] |= others[k];
      flags[0] |= flags[k];
      sum += sums[k];
    }
  *bin = (OpBin){ lows[0] / per_unit, highs[0] / per_unit, first / per_unit, last / per_unit, sum / per_unit,
                  (guint32) count, 0 };
  gboolean in_range = (words[0] & FP2_PLACES) != 0 || (lows[0] > -FP2_END && highs[0] < FP2_END);
  return in_range && flags[0] == 0 && (others[0] & FP2_PLACES) == 0;
}

/* Up to the end of the last lanes. */
static void
get_fp2_thousandths (const gint16 *words, gsize count, float *numbers)
{
  for (gsize i = 0; i < count; i += LANES)
    {
      gint16 magnitudes[LANES], weights[LANES];

      for (gsize k = 0; k < LANES; k++)
        {
          magnitudes[k] = get_fp2_signed_magnitude (words[i + k]);
          weights[k] = get_fp2_weight (words[i + k]);
        }
      for (gsize k = 0; k < LANES; k++)
        numbers[i + k] = (float) (magnitudes[k] * weights[k]);
    }
}

/* At most RUN of them, as of the next. */
static gboolean
sum_up_fp2 (const guint8 *bytes, gsize stride, gsize count, OpBin *bin)
{
  gint16 words[RUN + LANES];
  float numbers[RUN + LANES];

#pragma GCC unroll 8
  for (gsize i = 0; i < count; i++)
    memcpy (&words[i], bytes + i * stride, sizeof words[i]);
  memset (words + count, 0, LANES * sizeof words[0]);
  for (gsize i = 0; i < count; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      words[i + k] = GINT16_FROM_BE (words[i + k]);
  if (look_alike_fp2 (words, count) && sum_up_alike_fp2 (words, count, bin))
    return TRUE;
  get_fp2_thousandths (words, count, numbers);
  return sum_up_floats (&fp2_form, numbers, count, bin);
}

static gboolean
sum_up_ieee4 (gboolean is_little, const guint8 *bytes, gsize stride, gsize count, OpBin *bin)
{
  static const FloatForm form = { 99999, INFINITY, 1 };
  float numbers[RUN];

  for (gsize i = 0; i < count; i++)
    {
      guint32 word;

      memcpy (&word, bytes + i * stride, sizeof word);
      word = is_little ? GUINT32_FROM_LE (word) : GUINT32_FROM_BE (word);
      memcpy (&numbers[i], &word, sizeof word);
    }
  return sum_up_floats (&form, numbers, count, bin);
}

/* FALSE: they must be looked at one by one. */
static gboolean
sum_up_at_once (OpType type, const guint8 *bytes, gsize stride, gsize count, OpBin *bin)
{
  switch ((guint) type)
    {
    case OP_TYPE_FP2:
      return sum_up_fp2 (bytes, stride, count, bin);
    case OP_TYPE_IEEE4:
    case OP_TYPE_IEEE4L:
      return sum_up_ieee4 (type == OP_TYPE_IEEE4L, bytes, stride, count, bin);
    default:
      return FALSE;
    }
}

void
op_bin_add_values (OpBin *bin, OpType type, const guint8 *bytes, gsize stride, gsize count)
{
  double numbers[RUN];

  for (gsize i = 0, n; i < count; i += n)
    {
      OpBin add;

      n = MIN (count - i, RUN);
      if (sum_up_at_once (type, bytes + i * stride, stride, n, &add))
        op_bin_add (bin, &add);
      else
        {
          op_value_get_numbers (type, bytes + i * stride, stride, n, numbers);
          op_bin_add_numbers (bin, op_type_get_flags (type), numbers, n);
        }
    }
}

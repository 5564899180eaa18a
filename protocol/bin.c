/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/bin.h"

#include <string.h>

/*
 * Every record that is stored passes here. Loops run over a fixed number of lanes without branches, each lane with
 * results of its own, so that the compiler makes them loops over vectors.
 */
#define LANES 8
/* Values that are looked at together: they stay in the processor's nearest memory, and sums of FP2 within 32 bits. */
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
 * FP2, what most tables consist of: sign, two bits of decimal places, 13 of magnitude (pakbus-facts F2). All of them
 * are whole thousandths, which sum up exactly. What op_type_get_flags() lists has no decimals; NAN and infinities have
 * larger magnitudes than 7999, too.
 */
#define FP2_MAGNITUDE 0x1FFF
#define FP2_PLACES    0x6000
#define FP2_PER_UNIT  1000

static inline gint16
get_fp2_flag (gint16 word)
{
  gint16 whole = word & (FP2_PLACES | FP2_MAGNITUDE);

  return (gint16) (-((whole > 7998) & (whole <= FP2_MAGNITUDE)) | -(whole == 6999));
}

/* How many thousandths a word's magnitude counts by. */
static inline gint16
get_fp2_weight (gint16 word)
{
  gint16 places = word & FP2_PLACES;

  return (gint16) ((-(places == 0) & 1000) | (-(places == 0x2000) & 100) | (-(places == 0x4000) & 10) |
                   (-(places == 0x6000) & 1));
}

static inline gint16
get_fp2_signed_magnitude (gint16 word)
{
  gint16 magnitude = word & FP2_MAGNITUDE, sign = word >> 15;

  return (gint16) ((magnitude ^ sign) - sign);
}

static double
get_fp2_number (gint16 word)
{
  return (double) (get_fp2_signed_magnitude (word) * get_fp2_weight (word)) / FP2_PER_UNIT;
}

/* @words from one that is no flag to another, and what fills the lanes behind them: flags. */
static OpBin
sum_up_fp2 (const gint16 *words, gsize count)
{
  gint32 lows[LANES], highs[LANES], sums[LANES] = { 0 };
  gint16 n_flags[LANES] = { 0 };
  const gint16 first = words[0];
  OpBin bin = { .first = get_fp2_number (first), .last = get_fp2_number (words[count - 1]) };
  gint32 low = G_MAXINT32, high = G_MININT32, n = 0;
  gint64 sum = 0;

  for (gsize k = 0; k < LANES; k++)
    {
      lows[k] = low;
      highs[k] = high;
    }
  for (gsize i = 0; i < count; i += LANES)
    {
      gint16 magnitudes[LANES], weights[LANES];

      /* A flag is taken for one more of the first word, which is taken off the sum again. */
      for (gsize k = 0; k < LANES; k++)
        {
          gint16 flag = get_fp2_flag (words[i + k]);
          gint16 word = (gint16) ((words[i + k] & ~flag) | (first & flag));

          n_flags[k] = (gint16) (n_flags[k] - flag);
          magnitudes[k] = get_fp2_signed_magnitude (word);
          weights[k] = get_fp2_weight (word);
        }
      for (gsize k = 0; k < LANES; k++)
        {
          gint32 thousandths = magnitudes[k] * weights[k];

          lows[k] = thousandths < lows[k] ? thousandths : lows[k];
          highs[k] = thousandths > highs[k] ? thousandths : highs[k];
          sums[k] += thousandths;
        }
    }
  for (gsize k = 0; k < LANES; k++)
    {
      low = MIN (low, lows[k]);
      high = MAX (high, highs[k]);
      sum += sums[k];
      n += n_flags[k];
    }
  sum -= (gint64) n * get_fp2_signed_magnitude (first) * get_fp2_weight (first);
  bin.n_values = (guint32) ((count + LANES - 1) / LANES * LANES) - (guint32) n;
  bin.min = (double) low / FP2_PER_UNIT;
  bin.max = (double) high / FP2_PER_UNIT;
  bin.sum = (double) sum / FP2_PER_UNIT;
  return bin;
}

/* At most RUN of them. */
static void
add_fp2 (OpBin *bin, const guint8 *bytes, gsize stride, gsize count)
{
  gint16 words[RUN + LANES];
  gsize first = 0, end = count;
  OpBin add = OP_BIN_EMPTY;

  for (gsize i = 0; i < count; i++)
    {
      guint16 word;

      memcpy (&word, bytes + i * stride, sizeof word);
      words[i] = (gint16) GUINT16_FROM_BE (word);
    }
  while (first < end && get_fp2_flag (words[first]))
    first++;
  while (end > first && get_fp2_flag (words[end - 1]))
    end--;
  if (first < end)
    {
      for (gsize k = 0; k < LANES; k++)
        words[end + k] = FP2_MAGNITUDE;
      add = sum_up_fp2 (words + first, end - first);
    }
  add.n_nan = (guint32) count - add.n_values;
  op_bin_add (bin, &add);
}

/*
 * IEEE4: bits that are ordered as numbers are once those of negative ones are turned over. Flags, as
 * op_type_get_flags() lists them: all that has the largest exponent, and ±99999.
 */
#define FLOAT_MAGNITUDE 0x7FFFFFFF
#define FLOAT_INFINITY  0x7F800000
#define FLOAT_99999     0x47C34F80

static inline gint32
get_float_flag (gint32 word)
{
  gint32 magnitude = word & FLOAT_MAGNITUDE;

  return -((magnitude >= FLOAT_INFINITY) | (magnitude == FLOAT_99999));
}

/* The word's place in the order of numbers, and back. */
static inline gint32
turn_float (gint32 word)
{
  return word ^ (word >> 31 & FLOAT_MAGNITUDE);
}

static double
get_float_number (gint32 word)
{
  float number;

  memcpy (&number, &word, sizeof number);
  return number;
}

/* @words from one that is no flag to another, and what fills the lanes behind them: flags. */
static OpBin
sum_up_floats (const gint32 *words, gsize count)
{
  gint32 lows[LANES], highs[LANES], n_flags[LANES] = { 0 };
  double sums[LANES] = { 0 };
  const gint32 first = words[0];
  OpBin bin = { .first = get_float_number (first), .last = get_float_number (words[count - 1]) };
  gint32 low = turn_float (first), high = low, n = 0;

  for (gsize k = 0; k < LANES; k++)
    lows[k] = highs[k] = low;
  for (gsize i = 0; i < count; i += LANES)
    {
      gint32 kept[LANES];
      float  numbers[LANES];

      /* A flag is one more of the first word in the order, and 0 in the sum. */
      for (gsize k = 0; k < LANES; k++)
        {
          gint32 flag = get_float_flag (words[i + k]);
          gint32 place = turn_float ((words[i + k] & ~flag) | (first & flag));

          n_flags[k] -= flag;
          lows[k] = place < lows[k] ? place : lows[k];
          highs[k] = place > highs[k] ? place : highs[k];
          kept[k] = words[i + k] & ~flag;
        }
      memcpy (numbers, kept, sizeof numbers);
      for (gsize k = 0; k < LANES; k++)
        sums[k] += (double) numbers[k];
    }
  for (gsize k = 0; k < LANES; k++)
    {
      low = MIN (low, lows[k]);
      high = MAX (high, highs[k]);
      bin.sum += sums[k];
      n += n_flags[k];
    }
  bin.n_values = (guint32) ((count + LANES - 1) / LANES * LANES) - (guint32) n;
  bin.min = get_float_number (turn_float (low));
  bin.max = get_float_number (turn_float (high));
  return bin;
}

/* At most RUN of them. */
static void
add_floats (OpBin *bin, gboolean is_little, const guint8 *bytes, gsize stride, gsize count)
{
  gint32 words[RUN + LANES];
  gsize first = 0, end = count;
  OpBin add = OP_BIN_EMPTY;

  for (gsize i = 0; i < count; i++)
    {
      guint32 word;

      memcpy (&word, bytes + i * stride, sizeof word);
      words[i] = (gint32) (is_little ? GUINT32_FROM_LE (word) : GUINT32_FROM_BE (word));
    }
  while (first < end && get_float_flag (words[first]))
    first++;
  while (end > first && get_float_flag (words[end - 1]))
    end--;
  if (first < end)
    {
      for (gsize k = 0; k < LANES; k++)
        words[end + k] = FLOAT_INFINITY;
      add = sum_up_floats (words + first, end - first);
    }
  add.n_nan = (guint32) count - add.n_values;
  op_bin_add (bin, &add);
}

void
op_bin_add_values (OpBin *bin, OpType type, const guint8 *bytes, gsize stride, gsize count)
{
  double numbers[RUN];

  for (gsize i = 0, n; i < count; i += n)
    {
      n = MIN (count - i, RUN);
      switch ((guint) type)
        {
        case OP_TYPE_FP2:
          add_fp2 (bin, bytes + i * stride, stride, n);
          break;
        case OP_TYPE_IEEE4:
        case OP_TYPE_IEEE4L:
          add_floats (bin, type == OP_TYPE_IEEE4L, bytes + i * stride, stride, n);
          break;
        default:
          op_value_get_numbers (type, bytes + i * stride, stride, n, numbers);
          op_bin_add_numbers (bin, op_type_get_flags (type), numbers, n);
        }
    }
}

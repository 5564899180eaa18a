/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/cell.h"

#include "protocol/text.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBER_TEXT 64
/* With that many digits and such a power of ten both are exact as doubles, so that one division rounds right. */
#define MAX_EXACT_DIGITS 15
#define MAX_EXACT_PLACES 15

static const double powers_of_ten[MAX_EXACT_PLACES + 1] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

char *
op_cell_dup_text (const OpCell *cell)
{
  g_autoptr (GString) plain = NULL;

  if (!cell->doubled)
    return op_text_dup_utf8 (cell->text, cell->length);
  plain = g_string_new_len (cell->text, (gssize) cell->length);
  g_string_replace (plain, "\"\"", "\"", 0);
  return op_text_dup_utf8 (plain->str, plain->len);
}

gboolean
op_cell_is (const OpCell *cell, const char *text)
{
  return cell->length == strlen (text) && g_ascii_strncasecmp (cell->text, text, cell->length) == 0;
}

gboolean
op_cell_is_missing (const OpCell *cell)
{
  return cell->length == 0 || op_cell_is (cell, "NAN");
}

/** Reads [-]digits[.digits] of few digits, which nearly all values are. */
static gboolean
read_plain_decimal (const char *text, gsize length, double *number)
{
  gboolean negative = length > 0 && text[0] == '-';
  guint64  digits = 0;
  guint    n_digits = 0, places = 0;
  gboolean point = FALSE;

  for (gsize i = negative; i < length; i++)
    {
      if (g_ascii_isdigit (text[i]))
        {
          digits = digits * 10 + (guint64) (text[i] - '0');
          places += point;
          if (++n_digits > MAX_EXACT_DIGITS)
            return FALSE;
        }
      else if (text[i] == '.' && !point)
        point = TRUE;
      else
        return FALSE;
    }
  *number = digits / powers_of_ten[places];
  if (negative)
    *number = -*number;
  return n_digits > 0;
}

/** Reads everything else; strtod's hexadecimal numbers and words are not ours. */
static gboolean
read_any_decimal (const char *text, gsize length, double *number)
{
  char  copy[MAX_NUMBER_TEXT];
  char *end;

  if (length == 0 || length >= sizeof copy)
    return FALSE;
  memcpy (copy, text, length);
  copy[length] = '\0';
  if (strspn (copy, "+-.0123456789eE") != length)
    return FALSE;
  *number = g_ascii_strtod (copy, &end);
  return end == copy + length && isfinite (*number);
}

gboolean
op_cell_get_number (const OpCell *cell, double *number)
{
  if (op_cell_is (cell, "INF") || op_cell_is (cell, "-INF"))
    {
      *number = cell->text[0] == '-' ? -INFINITY : INFINITY;
      return TRUE;
    }
  return !cell->quoted
         && (read_plain_decimal (cell->text, cell->length, number)
             || read_any_decimal (cell->text, cell->length, number));
}

gboolean
op_cell_get_time (const OpCell *cell, OpTime *time)
{
  char copy[OP_TIME_TEXT_SIZE];

  if (cell->length >= sizeof copy)
    return FALSE;
  memcpy (copy, cell->text, cell->length);
  copy[cell->length] = '\0';
  return op_time_parse (copy, time);
}

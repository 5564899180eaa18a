/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/logger-time.h"

#define SECONDS_A_DAY 86400
#define MAX_SECONDS   (G_MAXINT64 / OP_SECOND - 1)
/* 1990-01-01 as GDate counts days. */
#define EPOCH_DAY     726468

static gint64
divide_floored (gint64 dividend, gint64 divisor, gint64 *remainder)
{
  gint64 quotient = dividend / divisor;

  *remainder = dividend % divisor;
  if (*remainder < 0)
    {
      *remainder += divisor;
      quotient--;
    }
  return quotient;
}

OpTime
op_time_from_parts (gint64 sec, gint64 nsec)
{
  if (sec < -MAX_SECONDS || sec > MAX_SECONDS)
    return OP_TIME_UNKNOWN;
  return sec * OP_SECOND + (nsec >= 0 && nsec < OP_SECOND ? nsec : 0);
}

void
op_time_to_parts (OpTime time, gint32 *sec, gint32 *nsec)
{
  gint64 remainder;
  gint64 seconds = divide_floored (time, OP_SECOND, &remainder);

  *sec = (gint32) CLAMP (seconds, G_MININT32, G_MAXINT32);
  *nsec = (gint32) remainder;
}

/** Writes @number with @digits digits and returns the place behind them. */
static char *
put_digits (char *text, guint number, guint digits)
{
  for (guint i = digits; i-- > 0; number /= 10)
    text[i] = '0' + number % 10;
  return text + digits;
}

static char *
put_fraction (char *text, guint nsec)
{
  if (nsec == 0)
    return text;
  *text++ = '.';
  text = put_digits (text, nsec, 9);
  while (text[-1] == '0')
    text--;
  return text;
}

gsize
op_time_format (OpTime time, char text[OP_TIME_TEXT_SIZE])
{
  gint64 nsec, second;
  gint64 day = divide_floored (divide_floored (time, OP_SECOND, &nsec), SECONDS_A_DAY, &second);
  GDate  date;
  char  *end = text;

  *end = '\0';
  if (time == OP_TIME_UNKNOWN)
    return 0;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (EPOCH_DAY + day));
  end = put_digits (end, g_date_get_year (&date), 4);
  *end++ = '-';
  end = put_digits (end, g_date_get_month (&date), 2);
  *end++ = '-';
  end = put_digits (end, g_date_get_day (&date), 2);
  *end++ = ' ';
  end = put_digits (end, (guint) (second / 3600), 2);
  *end++ = ':';
  end = put_digits (end, (guint) (second / 60 % 60), 2);
  *end++ = ':';
  end = put_digits (end, (guint) (second % 60), 2);
  end = put_fraction (end, (guint) nsec);
  *end = '\0';
  return end - text;
}

/** Reads exactly @digits digits and moves @text behind them. */
static gboolean
take_digits (const char **text, guint digits, guint *number)
{
  *number = 0;
  for (guint i = 0; i < digits; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      *number = *number * 10 + (**text - '0');
    }
  return TRUE;
}

static gboolean
take_char (const char **text, char c)
{
  if (**text != c)
    return FALSE;
  (*text)++;
  return TRUE;
}

static gboolean
take_date (const char **text, gint64 *day)
{
  guint y, m, d;
  GDate date;

  if (!take_digits (text, 4, &y) || !take_char (text, '-') || !take_digits (text, 2, &m)
      || !take_char (text, '-') || !take_digits (text, 2, &d) || !g_date_valid_dmy (d, m, y))
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, d, m, y);
  *day = (gint64) g_date_get_julian (&date) - EPOCH_DAY;
  return TRUE;
}

static gboolean
take_fraction (const char **text, guint *nsec)
{
  guint scale = OP_SECOND / 10;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (*nsec = 0; scale > 0 && g_ascii_isdigit (**text); scale /= 10, (*text)++)
    *nsec += (**text - '0') * scale;
  return TRUE;
}

/** Reads HH:MM[:SS[.fraction]]; 24:00 is the end of the day. */
static gboolean
take_time_of_day (const char **text, gint64 *seconds, guint *nsec)
{
  guint hour, minute, second = 0;

  *nsec = 0;
  if (!take_digits (text, 2, &hour) || !take_char (text, ':') || !take_digits (text, 2, &minute))
    return FALSE;
  if (take_char (text, ':') && !take_digits (text, 2, &second))
    return FALSE;
  if (take_char (text, '.') && !take_fraction (text, nsec))
    return FALSE;
  if (minute > 59 || second > 59)
    return FALSE;
  *seconds = hour * 3600 + minute * 60 + second;
  return *seconds < SECONDS_A_DAY || (*seconds == SECONDS_A_DAY && *nsec == 0);
}

gboolean
op_time_parse (const char *text, OpTime *time)
{
  gint64 day, second = 0;
  guint  nsec = 0;

  if (!take_date (&text, &day))
    return FALSE;
  if (*text != '\0')
    {
      if (*text != ' ' && *text != 'T')
        return FALSE;
      text++;
      if (!take_time_of_day (&text, &second, &nsec) || *text != '\0')
        return FALSE;
    }
  *time = op_time_from_parts (day * SECONDS_A_DAY + second, nsec);
  return *time != OP_TIME_UNKNOWN;
}

OpTime
op_time_from_unix_us (gint64 unix_us, gint utc_offset_s)
{
  gint64 us;
  gint64 sec = divide_floored (unix_us, G_USEC_PER_SEC, &us);

  return op_time_from_parts (sec - OP_UNIX_OF_1990 + utc_offset_s, us * 1000);
}

gint64
op_time_to_unix_us (OpTime time, gint utc_offset_s)
{
  gint64 remainder;

  return divide_floored (time, 1000, &remainder) + (OP_UNIX_OF_1990 - utc_offset_s) * G_USEC_PER_SEC;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/trace.h"

#include <glib/gi18n-lib.h>

#define BYTES_A_LINE 32

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, guint line, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY, _ ("Line %u of the trace: %s"), line,
               reason);
  return FALSE;
}

/* Cuts the next word off *@rest, which then begins at the one after it. */
static char *
take_word (char **rest)
{
  char *word = *rest + strspn (*rest, " \t");
  gsize length = strcspn (word, " \t");
  char *end = word + length;

  *rest = end + strspn (end, " \t");
  *end = '\0';
  return word;
}

static gboolean
parse_time (const char *word, gint64 *time_us)
{
  char *end;
  double seconds = g_ascii_strtod (word, &end);

  /* A century bounds it well within 64 bits. */
  if (end == word || *end != '\0' || !(seconds >= 0 && seconds < 3.2e9))
    return FALSE;
  *time_us = (gint64) (seconds * 1e6 + 0.5);
  return TRUE;
}

static gboolean
parse_kind (const char *word, OpTraceKind *kind)
{
  static const struct
  {
    const char *word;
    OpTraceKind kind;
  } kinds[] = {
    { ">", OP_TRACE_SENT },
    { "<", OP_TRACE_RECEIVED },
    { "open", OP_TRACE_OPENED },
    { "closed", OP_TRACE_CLOSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (word, kinds[i].word))
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  return FALSE;
}

/* "BD 90 01", up to a remark in parentheses. */
static GBytes *
parse_bytes (char *text, guint line, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  while (*text != '\0' && *text != '(')
    {
      const char *word = take_word (&text);
      guint8 byte;

      if (!g_ascii_isxdigit (word[0]) || !g_ascii_isxdigit (word[1]) || word[2] != '\0')
        {
          refuse (error, line, _ ("“%s” is no byte of two hexadecimal digits."), word);
          return NULL;
        }
      byte = (guint8) (g_ascii_xdigit_value (word[0]) << 4 | g_ascii_xdigit_value (word[1]));
      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static OpTraceEvent *
parse_event (char *text, guint line, GError **error)
{
  g_autoptr (OpTraceEvent) event = g_new0 (OpTraceEvent, 1);
  const char *time = take_word (&text);
  const char *kind = take_word (&text);

  event->line = line;
  if (!parse_time (time, &event->time_us))
    {
      refuse (error, line, _ ("“%s” is no time in seconds."), time);
      return NULL;
    }
  if (!parse_kind (kind, &event->kind))
    {
      refuse (error, line, _ ("“%s” is none of >, <, open and closed."), kind);
      return NULL;
    }

  if (event->kind == OP_TRACE_OPENED || event->kind == OP_TRACE_CLOSED)
    event->text = g_strdup (text);
  else if ((event->bytes = parse_bytes (text, line, error)) == NULL)
    return NULL;
  return g_steal_pointer (&event);
}

void
op_trace_event_free (OpTraceEvent *event)
{
  g_clear_pointer (&event->bytes, g_bytes_unref);
  g_free (event->text);
  g_free (event);
}

static void
append_bytes (GString *text, gint64 time_us, char direction, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    {
      if (i % BYTES_A_LINE == 0)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT ".%06d %c", i > 0 ? "\n" : "",
                                time_us / G_USEC_PER_SEC, (int) (time_us % G_USEC_PER_SEC), direction);
      g_string_append_printf (text, " %02X", data[i]);
    }
  if (length > 0)
    g_string_append_c (text, '\n');
}

void
op_trace_event_append (const OpTraceEvent *event, GString *text)
{
  g_autofree char *words = NULL;

  if (event->kind == OP_TRACE_SENT || event->kind == OP_TRACE_RECEIVED)
    {
      append_bytes (text, event->time_us, event->kind == OP_TRACE_SENT ? '>' : '<', event->bytes);
      return;
    }

  words = g_strdelimit (g_strdup (event->text), "\r\n", ' ');
  g_string_append_printf (text, "%" G_GINT64_FORMAT ".%06d %s%s%s\n", event->time_us / G_USEC_PER_SEC,
                          (int) (event->time_us % G_USEC_PER_SEC),
                          event->kind == OP_TRACE_OPENED ? "open" : "closed", *words != '\0' ? " " : "",
                          words);
}

gboolean
op_trace_parse_line (const char *text, gsize length, guint line, OpTraceEvent **event, GError **error)
{
  g_autofree char *copy = g_strndup (text, length);
  char *content = g_strstrip (copy);

  *event = NULL;
  if (*content == '\0' || *content == '#')
    return TRUE;
  *event = parse_event (content, line, error);
  return *event != NULL;
}

GPtrArray *
op_trace_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) op_trace_event_free);
  const char *end = text + length;
  guint line = 0;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', end - text);
      OpTraceEvent *event;

      if (!op_trace_parse_line (text, (newline != NULL ? newline : end) - text, ++line, &event, error))
        return NULL;
      if (event != NULL)
        g_ptr_array_add (events, event);
      text = newline != NULL ? newline + 1 : end;
    }
  return g_steal_pointer (&events);
}

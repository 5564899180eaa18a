/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/pakbus/dissect.h"
#include "protocol/transport/trace.h"

#include <glib/gi18n.h>

typedef struct
{
  PakDissector *dissector;
  const char *direction; /* NULL where it is not known */
  gint64 time_us;
  gboolean json;
  guint n_frames;
} Inspection;

static GVariant *
with_direction (Inspection *inspection, GVariant *frame)
{
  GVariantBuilder builder;
  GVariantIter iter;
  GVariant *entry;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (inspection->direction != NULL)
    {
      g_variant_builder_add (&builder, "{sv}", "time_s", g_variant_new_double (inspection->time_us / 1e6));
      g_variant_builder_add (&builder, "{sv}", "direction", g_variant_new_string (inspection->direction));
    }
  g_variant_iter_init (&iter, frame);
  while ((entry = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_variant_builder_add_value (&builder, entry);
      g_variant_unref (entry);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
on_frame_cb (PakFrameVerdict verdict, const guint8 *body, gsize length, guint64 offset, gpointer data)
{
  Inspection *inspection = data;
  g_autoptr (GVariant) frame = pak_dissector_frame (inspection->dissector, verdict, body, length);

  inspection->n_frames++;
  if (inspection->json)
    {
      g_autoptr (GVariant) line = with_direction (inspection, frame);
      g_autoptr (JsonNode) node = json_gvariant_serialize (line);

      cli_print_json (node);
    }
  else
    {
      g_autofree char *text = pak_dissector_to_text (frame);

      if (inspection->direction != NULL)
        g_print ("%.6f %s\n", inspection->time_us / 1e6, inspection->direction);
      g_print ("%s\n\n", text);
    }
}

static void
push (Inspection *inspection, const guint8 *bytes, gsize length)
{
  g_autoptr (PakFrameParser) parser = pak_frame_parser_new (on_frame_cb, inspection);
  guint n_before = inspection->n_frames;

  pak_frame_parser_push (parser, bytes, length);
  /* Captures often lack the closing sync byte. */
  pak_frame_parser_push (parser, (const guint8[]){ PAK_SYNC_BYTE }, 1);
  if (inspection->n_frames > n_before || length == 0 || bytes[0] == PAK_SYNC_BYTE)
    return;
  /* And notes of a frame often lack the opening one too. */
  pak_frame_parser_push (parser, bytes, length);
  pak_frame_parser_push (parser, (const guint8[]){ PAK_SYNC_BYTE }, 1);
}

static void
inspect_trace (Inspection *inspection, GPtrArray *events)
{
  g_autoptr (PakFrameParser) sent = pak_frame_parser_new (on_frame_cb, inspection);
  g_autoptr (PakFrameParser) received = pak_frame_parser_new (on_frame_cb, inspection);

  for (guint i = 0; i < events->len; i++)
    {
      const OpTraceEvent *event = g_ptr_array_index (events, i);
      gsize length;
      const guint8 *bytes;

      if (event->bytes == NULL)
        continue;
      bytes = g_bytes_get_data (event->bytes, &length);
      inspection->time_us = event->time_us;
      inspection->direction = event->kind == OP_TRACE_SENT ? "sent" : "received";
      pak_frame_parser_push (event->kind == OP_TRACE_SENT ? sent : received, bytes, length);
    }
}

/* Hex text with any white space, ":" or "," between the bytes; NULL when something else is in it. */
static GByteArray *
parse_hex (const char *text, gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gint high = -1;

  for (gsize i = 0; i < length; i++)
    {
      gint digit = g_ascii_xdigit_value (text[i]);
      guint8 byte;

      if (digit < 0 && (high >= 0 || !(g_ascii_isspace (text[i]) || strchr (":,", text[i]) != NULL)))
        return NULL;
      if (digit < 0)
        continue;
      if (high < 0)
        {
          high = digit;
          continue;
        }
      byte = high << 4 | digit;
      g_byte_array_append (bytes, &byte, 1);
      high = -1;
    }
  return high < 0 ? g_steal_pointer (&bytes) : NULL;
}

/* A recorded trace, hex text, or the bytes themselves. */
static void
inspect_contents (Inspection *inspection, const char *contents, gsize length)
{
  g_autoptr (GPtrArray) events = op_trace_parse (contents, length, NULL);
  g_autoptr (GByteArray) bytes = NULL;

  if (events != NULL && events->len > 0)
    {
      inspect_trace (inspection, events);
      return;
    }
  bytes = parse_hex (contents, length);
  if (bytes != NULL)
    push (inspection, bytes->data, bytes->len);
  else
    push (inspection, (const guint8 *) contents, length);
}

CliStatus
cli_inspect (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *hex = NULL;
  const GOptionEntry entries[] = {
    { "hex", 'x', 0, G_OPTION_ARG_STRING, &hex, N_("Dissect these bytes"), N_("STRING") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "[FILE]", &argc, &argv);
  Inspection inspection = { .dissector = dissector, .json = session->json };

  if (status != CLI_DONE)
    return status;
  if ((hex != NULL) == (argc == 2) || argc > 2)
    return cli_usage (_("inspect takes a file or --hex STRING"));

  if (hex != NULL)
    {
      g_autoptr (GByteArray) bytes = parse_hex (hex, strlen (hex));

      if (bytes == NULL)
        return cli_usage (_("--hex takes pairs of hexadecimal digits"));
      push (&inspection, bytes->data, bytes->len);
    }
  else
    {
      g_autofree char *contents = NULL;
      gsize length;

      if (!g_file_get_contents (argv[1], &contents, &length, &error))
        return cli_fail (g_steal_pointer (&error));
      inspect_contents (&inspection, contents, length);
    }
  if (inspection.n_frames > 0)
    return CLI_DONE;
  g_printerr ("outpostctl: %s\n", _("There is no frame in it"));
  return CLI_REFUSED;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"
#include "app/cli/inspect-reader.h"

#include "protocol/pakbus/dissect.h"
#include "protocol/pakbus/sniffer.h"

#include <glib/gi18n.h>

typedef struct
{
  PakDissector *dissector;
  PakSniffer *sent;
  PakSniffer *received; /* and what is of no known direction */
  const char *direction; /* NULL where it is not known */
  gint64 time_us;
  gboolean json;
  guint n_frames;
  guint n_troubles;
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
print_frame (Inspection *inspection, GVariant *frame)
{
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
on_frame_cb (PakFrameVerdict verdict, gboolean unquoted, const guint8 *body, gsize length, gpointer data)
{
  Inspection *inspection = data;
  g_autoptr (GVariant) frame = unquoted ? pak_dissector_unquoted_frame (inspection->dissector, body, length)
                                        : pak_dissector_frame (inspection->dissector, verdict, body, length);

  inspection->n_frames++;
  print_frame (inspection, frame);
}

static void
on_event_cb (const OpTraceEvent *event, gpointer data)
{
  Inspection *inspection = data;
  gboolean is_sent = event->kind == OP_TRACE_SENT;
  gsize length;
  const guint8 *bytes;

  if (event->bytes == NULL)
    {
      pak_sniffer_reset (inspection->sent);
      pak_sniffer_reset (inspection->received);
      return;
    }
  bytes = g_bytes_get_data (event->bytes, &length);
  inspection->time_us = event->time_us;
  inspection->direction = is_sent ? "sent" : "received";
  pak_sniffer_push (is_sent ? inspection->sent : inspection->received, bytes, length);
}

static void
on_trouble_cb (const GError *error, gpointer data)
{
  Inspection *inspection = data;

  inspection->n_troubles++;
  g_printerr ("outpostctl: %s\n", error->message);
}

/* Captures often lack the closing sync byte. */
static void
push_closed (Inspection *inspection, const guint8 *bytes, gsize length)
{
  const guint8 sync = PAK_SYNC_BYTE;

  pak_sniffer_push (inspection->received, bytes, length);
  pak_sniffer_push (inspection->received, &sync, 1);
  pak_sniffer_finish (inspection->received);
}

static void
on_bytes_cb (const guint8 *bytes, gsize length, gboolean is_all, gpointer data)
{
  Inspection *inspection = data;
  guint n_before = inspection->n_frames;

  if (!is_all)
    {
      pak_sniffer_push (inspection->received, bytes, length);
      return;
    }
  push_closed (inspection, bytes, length);
  /* And notes of a frame often lack the opening one too: now there is the closing one before them. */
  if (inspection->n_frames == n_before && length > 0 && bytes[0] != PAK_SYNC_BYTE)
    push_closed (inspection, bytes, length);
}

static gboolean
inspect_hex (Inspection *inspection, const char *hex)
{
  gint half = -1;
  g_autoptr (GByteArray) bytes = cli_inspect_parse_hex (hex, strlen (hex), &half);

  if (bytes == NULL || half >= 0)
    return FALSE;
  on_bytes_cb (bytes->data, bytes->len, TRUE, inspection);
  return TRUE;
}

static CliStatus
inspect (Inspection *inspection, const char *hex, const char *path)
{
  const CliInspectFuncs funcs = { on_event_cb, on_bytes_cb, on_trouble_cb };
  g_autoptr (GError) error = NULL;

  if (hex != NULL && !inspect_hex (inspection, hex))
    return cli_usage (_("--hex takes pairs of hexadecimal digits"));
  if (hex == NULL && !cli_inspect_read (path, &funcs, inspection, &error))
    return cli_fail (g_steal_pointer (&error));
  pak_sniffer_finish (inspection->sent);
  pak_sniffer_finish (inspection->received);
  if (inspection->n_frames == 0)
    g_printerr ("outpostctl: %s\n", _("There is no frame in it"));
  return inspection->n_frames > 0 && inspection->n_troubles == 0 ? CLI_DONE : CLI_REFUSED;
}

CliStatus
cli_inspect (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  Inspection inspection = { .dissector = dissector };
  g_autoptr (PakSniffer) sent = pak_sniffer_new (on_frame_cb, &inspection);
  g_autoptr (PakSniffer) received = pak_sniffer_new (on_frame_cb, &inspection);
  g_autofree char *hex = NULL;
  const GOptionEntry entries[] = {
    { "hex", 'x', 0, G_OPTION_ARG_STRING, &hex, N_("Dissect these bytes"), N_("STRING") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "[FILE]", &argc, &argv);

  if (status != CLI_DONE)
    return status;
  if ((hex != NULL) == (argc == 2) || argc > 2)
    return cli_usage (_("inspect takes a file or --hex STRING"));
  inspection.json = session->json;
  inspection.sent = sent;
  inspection.received = received;
  return inspect (&inspection, hex, argv[1]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/wake-source-private.h"

static gboolean
wake_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  /* First, so that what @func or another thread asks for meanwhile is not lost. */
  g_source_set_ready_time (source, -1);
  return func (data);
}

static GSourceFuncs wake_funcs = { .dispatch = wake_dispatch };

GSource *
op_wake_source_attach (GSourceFunc func, gpointer data)
{
  GSource *source = g_source_new (&wake_funcs, sizeof (GSource));
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_source_set_callback (source, func, data, NULL);
  g_source_set_static_name (source, "outpost-wake");
  g_source_attach (source, context);
  return source;
}

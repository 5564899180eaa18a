/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/** Opens @inner for the transport around it, whose @task (taken) ends as the opening does. */
void     op_wrapped_open_async  (OpTransport *inner, GTask *task);
/** Ends that opening; @inner does not stay open for one that was cancelled. */
gboolean op_wrapped_open_finish (OpTransport *inner, GAsyncResult *result, GError **error);

G_END_DECLS

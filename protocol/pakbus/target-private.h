/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/session.h"

G_BEGIN_DECLS

/* PakTarget: whom a job talks to. The session outlives the job, whose task holds it. */
typedef struct
{
  PakSession *session;
  guint16     node;
  guint16     security;
} PakTarget;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/batch.h"
#include "protocol/device-file.h"

G_BEGIN_DECLS

/** By rising need. */
typedef enum
{
  OP_JUDGEMENT_WELL,
  OP_JUDGEMENT_WATCH, /* nothing is lost yet, or it may have been once */
  OP_JUDGEMENT_ACT,   /* data are or will be lost or wrong */
} OpJudgement;

/** One thing that a logger tells of itself, judged. Texts are never NULL; all but @id are for people. */
typedef struct
{
  char       *id;        /* stays the same: "battery", "skipped-scans" */
  char       *name;
  char       *value;     /* with its unit */
  OpJudgement judgement;
  char       *reason;    /* why it is judged so; "" when it is well */
  char       *advice;    /* what to do; "" when there is nothing to do */
} OpHealthFinding;

/** What there is to be judged; what could not be read is NULL, with its reason. */
typedef struct
{
  const OpBatch        *status;  /* the last of its records counts */
  const GError         *status_error;
  const OpProgramState *program;
  const GError         *program_error;
  gboolean              clock_is_known;
  gint64                clock_offset_us;
  gint64                clock_uncertainty_us;
} OpHealthSources;

/**
 * Judges. Fields that are not known here, and known ones that a model lacks or has as another type, say nothing.
 * Returns: (element-type OpHealthFinding): worst first, then in an order that stays.
 */
GPtrArray  *op_health_judge        (const OpHealthSources *sources);
void        op_health_finding_free (OpHealthFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpHealthFinding, op_health_finding_free)

/** "Well", "Watch", "Act": for people. */
const char *op_judgement_get_name  (OpJudgement judgement);
/** "well", "watch", "act": for programs. */
const char *op_judgement_get_nick  (OpJudgement judgement);

G_END_DECLS

//! A workflow is as visible as it says, everything of it.

#![allow(dead_code)]

mod outer {
    pub(crate) mod inner {
        use sqlx::types::Json;
        use workflow_runtime::workflow;

        /// Not visible outside: a public type could not have it as a field.
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Secret(i64);

        workflow! {
            workflow Hidden in hidden {
                id: i64,
                secret: Json<Secret>,
                states { initial Placed, final Gone { left: Json<Secret> } }
                groups { All = Placed | Gone }
                transitions { create: -> Placed with greet, go(left: Json<Secret>): Placed -> Gone by courier with greet_again then thank }
            }
        }

        workflow! {
            pub(self) workflow Own in owns {
                id: i64,
                states { initial Placed, final Gone }
                transitions { go: Placed -> Gone with greet }
            }
        }

        workflow! {
            pub(super) workflow Above in aboves {
                id: i64,
                states { initial Placed, final Gone { why: String } }
                transitions { go(why: String): Placed -> Gone with greet }
            }
        }

        workflow! {
            pub(in crate::visible) workflow Named in nameds {
                id: i64,
                states { initial Placed, final Gone { why: String } }
                transitions { go(why: String): Placed -> Gone with greet }
            }
        }

        workflow! {
            pub(crate) workflow Everywhere in everywheres {
                id: i64,
                states { initial Placed, final Gone { why: String } }
                transitions { go(why: String): Placed -> Gone with greet }
            }
        }

        #[test]
        fn a_hidden_workflow_is_seen_where_it_stands() {
            let new = hidden::New { id: 1, secret: Json(Secret(2)) };
            let go = hidden::event::Go { left: new.secret };
            assert_eq!((go.left.0.0, own::MODEL.states.len()), (2, 2));
        }
    }

    #[test]
    fn one_of_the_parent_is_seen_there() {
        let go = inner::above::event::Go { why: "late".to_owned() };
        assert_eq!(inner::above::Gone { why: go.why }.why, "late");
        let _: Option<inner::Above> = None;
    }
}

#[test]
fn one_of_a_named_module_and_one_of_the_crate_are_seen_here() {
    let go = outer::inner::named::event::Go { why: "late".to_owned() };
    assert_eq!(outer::inner::named::Gone { why: go.why }.why, "late");
    assert_eq!(outer::inner::everywhere::MODEL.states.len(), 2);
    let _: Option<(outer::inner::Named, outer::inner::Everywhere)> = None;
}

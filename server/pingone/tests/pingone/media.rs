//! Every media type that chooses an operation, where the vendor takes it.

use http::Method;

use crate::{
    machine::{JSON, Machine},
    support::World,
};

both! {
    every_vendor_type_chooses_an_operation,
}

async fn every_vendor_type_chooses_an_operation(world: World) {
    let machine = Machine::new(&world).await;
    let user = format!("users/{}", machine.waiting("grace@navy.example").await);
    let (email, password) = (format!("{user}/emailVerification"), format!("{user}/password"));
    let (post, put) = (Method::POST, Method::PUT);
    let places = [
        (&post, "users", "user.import"),
        (&post, "users", "user.invite"),
        (&post, &user, "user.invite"),
        (&post, &user, "user.sendVerificationCode"),
        (&post, &user, "user.verify"),
        (&post, &user, "account.lock"),
        (&post, &user, "account.unlock"),
        (&post, &email, "user.emailVerification.send"),
        (&post, &email, "user.emailVerification.verify"),
        (&put, &password, "password.set"),
        (&put, &password, "password.reset"),
        (&post, &password, "password.check"),
        (&post, &password, "password.recover"),
        (&post, &password, "password.sendRecoveryCode"),
        (&post, &password, "password.forceChange"),
        (&post, &password, "password.unlock"),
    ];
    for (method, path, name) in places {
        // With and without the suffix, in any case, alone and after the plain one.
        let vendor = format!("application/vnd.pingidentity.{name}");
        let suffixed = format!("{vendor}+json");
        let loud = format!("{}; charset=UTF-8", suffixed.to_uppercase());
        for lines in [&[suffixed.as_str()][..], &[&vendor], &[&loud], &[JSON, &suffixed]] {
            let answer = machine.send(method.clone(), path, lines, "{}").await;
            // Some of them cannot be done twice in a row; what is asked for is understood all the same.
            assert!(
                [200, 201, 400, 429].contains(&answer.status.as_u16()),
                "{method} {path} {lines:?} {}",
                answer.told()
            );
        }
    }
    let flow = format!("/{}/flows/{}", machine.environment, world.vestibule.new_id());
    let accept =
        http::Request::post(flow).header("content-type", "application/vnd.pingidentity.user.acceptInvite+json");
    let answer = machine.call(accept.body("{}".into()).unwrap()).await;
    assert_eq!(answer.status, 400, "{}", answer.told());
}
